output "service_name" {
  description = "Name of the ECS service."
  value       = aws_ecs_service.this.name
}

output "security_group_id" {
  description = "Security group of the tasks, which the database must admit."
  value       = aws_security_group.worker.id
}

output "task_definition_arn" {
  description = "Task definition of the worker, for the scheduled-task module."
  value       = aws_ecs_task_definition.worker.arn
}

output "migration_task_definition_arn" {
  description = "Task definition that migrates the database."
  value       = aws_ecs_task_definition.migration.arn
}

output "role_arns" {
  description = "Roles of the worker's task, which whoever starts it must pass on."
  value       = [aws_iam_role.execution.arn, aws_iam_role.task.arn]
}

output "log_group_name" {
  description = "Log group of workers and migrations."
  value       = aws_cloudwatch_log_group.this.name
}
