output "queue_key_arn" {
  description = "KMS key of the queue."
  value       = aws_kms_key.queue.arn
}

output "keyset_key_arn" {
  description = "KMS key of the keyset file, for SLUICE_KMS_KEY."
  value       = aws_kms_key.keyset.arn
}
