variable "name" {
  description = "Name of everything; also the queue's."
  type        = string
  default     = "login-queue"
}

variable "region" {
  description = "AWS region."
  type        = string
}

variable "vpc_id" {
  description = "VPC that exists."
  type        = string
}

variable "private_subnet_ids" {
  description = "Private subnets in at least two zones, with a NAT gateway or endpoints of SQS, KMS, Secrets Manager, Logs and ECR."
  type        = list(string)
}

variable "image" {
  description = "Image of Sluice, by digest."
  type        = string
}

variable "repository_arn" {
  description = "ECR repository of the image; null if it comes from elsewhere."
  type        = string
  default     = null
}

variable "database_ca_file" {
  description = "File with Amazon's certificate bundle of the region: https://truststore.pki.rds.amazonaws.com/REGION/REGION-bundle.pem"
  type        = string
}

variable "workers" {
  description = "Fewest workers; 0 with nightly."
  type        = number
  default     = 2
}

variable "nightly" {
  description = "Whether a task empties the queue every night."
  type        = bool
  default     = false
}

variable "alarm_topic_arn" {
  description = "SNS topic that alarms notify."
  type        = string
  default     = null
}
