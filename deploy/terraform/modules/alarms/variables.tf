variable "name" {
  description = "Prefix of the alarms' names."
  type        = string
}

variable "queue_name" {
  description = "The queue."
  type        = string
}

variable "dead_letters_name" {
  description = "The dead-letter queue."
  type        = string
}

variable "retention_seconds" {
  description = "How long a message may wait on the queue."
  type        = number
}

variable "database_identifier" {
  description = "The RDS instance."
  type        = string
}

variable "topic_arn" {
  description = "SNS topic that is notified; null to raise alarms without notifying anyone."
  type        = string
  default     = null
}
