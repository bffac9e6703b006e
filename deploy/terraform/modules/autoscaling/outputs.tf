output "policy_arn" {
  description = "The scaling policy."
  value       = aws_appautoscaling_policy.backlog.arn
}
