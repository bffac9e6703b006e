variable "name" {
  description = "Name of the queue; the dead-letter queue's ends in -dead-letters."
  type        = string
}

variable "kms_key_arn" {
  description = "KMS key that encrypts the messages. Producers need kms:GenerateDataKey and kms:Decrypt on it."
  type        = string
}

variable "visibility_timeout_seconds" {
  description = "How long a received message stays hidden; workers extend it."
  type        = number
  default     = 300

  validation {
    condition     = var.visibility_timeout_seconds >= 30
    error_message = "Sluice needs a visibility timeout of 30 s or more."
  }
}

variable "retention_seconds" {
  description = "How long a message may wait, and so how long an outage may last: up to 14 days."
  type        = number
  default     = 1209600
}

variable "max_receive_count" {
  description = "Receives after which a message moves to the dead-letter queue; 5 or more, for poison messages."
  type        = number
  default     = 5

  validation {
    condition     = var.max_receive_count >= 5
    error_message = "With fewer than 5 receives, messages reach the dead-letter queue that were only in flight with a poison message."
  }
}
