variable "name" {
  description = "Name of the instance and of what belongs to it."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the database."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets in at least two zones."
  type        = list(string)
}

variable "client_security_group_ids" {
  description = "Security groups that may connect, by a name that says who they are."
  type        = map(string)
}

variable "postgres_version" {
  description = "Major version of PostgreSQL, 14 or later."
  type        = string
  default     = "18"
}

variable "instance_class" {
  description = "Instance class; its memory decides max_connections, which must exceed workers x (consumers + 1)."
  type        = string
  default     = "db.t4g.medium"
}

variable "storage_gb" {
  description = "Storage at first, in GB; it grows to five times as much."
  type        = number
  default     = 50
}

variable "database_name" {
  description = "Name of the database, for PGDATABASE."
  type        = string
  default     = "sluice"
}

variable "owner_name" {
  description = "Login that migrates and owns schema sluice. Workers have a login of their own."
  type        = string
  default     = "sluice_owner"
}

variable "multi_az" {
  description = "Whether a standby waits in another zone."
  type        = bool
  default     = true
}

variable "backup_retention_days" {
  description = "Days to which the database can be restored, to the second; 1 to 35."
  type        = number
  default     = 14

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35
    error_message = "backup_retention_days must be 1 to 35; 0 would turn backups off."
  }
}
