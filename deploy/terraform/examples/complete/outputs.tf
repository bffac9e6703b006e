output "queue_url" {
  description = "Where producers send."
  value       = module.queue.url
}

output "keyset_key_arn" {
  description = "SLUICE_KMS_KEY for sluice keys create."
  value       = module.keys.keyset_key_arn
}

output "keyset_secret_arn" {
  description = "Secret to fill with the keyset file."
  value       = aws_secretsmanager_secret.keyset.arn
}

output "worker_password_secret_arn" {
  description = "Secret to fill with the password of login_worker."
  value       = aws_secretsmanager_secret.worker_password.arn
}

output "migration_task_definition_arn" {
  description = "Task to run before the first deployment and before each new version."
  value       = module.service.migration_task_definition_arn
}
