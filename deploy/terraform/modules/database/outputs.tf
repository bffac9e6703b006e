output "host" {
  description = "Host name, for PGHOST."
  value       = aws_db_instance.this.address
}

output "database_name" {
  description = "Name of the database, for PGDATABASE."
  value       = aws_db_instance.this.db_name
}

output "owner_name" {
  description = "Login that migrates."
  value       = aws_db_instance.this.username
}

output "owner_secret_arn" {
  description = "Secret with the owner's password, as the key password of a JSON object."
  value       = aws_db_instance.this.master_user_secret[0].secret_arn
}

output "identifier" {
  description = "Identifier of the instance, for alarms."
  value       = aws_db_instance.this.identifier
}
