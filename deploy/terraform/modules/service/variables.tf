variable "name" {
  description = "Name of the service and of what belongs to it."
  type        = string
}

variable "cluster_arn" {
  description = "ECS cluster, with Container Insights if the autoscaling module is used."
  type        = string
}

variable "image" {
  description = "Image of Sluice, by digest: registry/sluice@sha256:…"
  type        = string

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image must end in @sha256: and 64 hex digits, so that a deployment is what was tested."
  }
}

variable "repository_arn" {
  description = "ECR repository of the image; null if it comes from elsewhere."
  type        = string
  default     = null
}

variable "files_image" {
  description = "Image with a shell that copies the keyset file into the task."
  type        = string
  default     = "public.ecr.aws/docker/library/busybox:1.37.0@sha256:9db7b59979c38555a39def84a31fb98b5296952f9e3afd4f6f11f05b07adfab0"
}

variable "cpu_architecture" {
  description = "X86_64 or ARM64, as the image was built."
  type        = string
  default     = "X86_64"
}

variable "vpc_id" {
  description = "VPC of the tasks."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets of the tasks, with a way to AWS's endpoints."
  type        = list(string)
}

variable "pipeline" {
  description = "Name of a built-in pipeline, or a pipeline file in the image."
  type        = string
  default     = "user-logins"
}

variable "pipeline_name" {
  description = "The pipeline's own name, which the keyset file is bound to."
  type        = string
  default     = "user-logins"
}

variable "queue_url" {
  description = "URL of the queue. A name would need sqs:GetQueueUrl."
  type        = string

  validation {
    condition     = startswith(var.queue_url, "https://")
    error_message = "queue_url must be the queue's URL, https://sqs.…"
  }
}

variable "queue_arn" {
  description = "ARN of the queue."
  type        = string
}

variable "dead_letters_arn" {
  description = "ARN of the dead-letter queue."
  type        = string
}

variable "queue_key_arn" {
  description = "KMS key of the queue."
  type        = string
}

variable "keyset_key_arn" {
  description = "KMS key that encrypts the keyset file."
  type        = string
}

variable "keyset_secret_arn" {
  description = "Secret in Secrets Manager with the text of the keyset file, as sluice keys create writes it."
  type        = string
}

variable "database_host" {
  description = "Host name of PostgreSQL."
  type        = string
}

variable "database_cidr" {
  description = "Addresses of the database, e.g. the VPC's, for the tasks' outgoing connections."
  type        = string
}

variable "database_name" {
  description = "Name of the database."
  type        = string
}

variable "database_ca_pem" {
  description = "Certificate authorities of the database, PEM: Amazon's bundle of the region."
  type        = string
}

variable "worker_login" {
  description = "Login of the workers, a member of sluice_writer."
  type        = string
  default     = "login_worker"
}

variable "worker_password_secret_arn" {
  description = "Secret with the password of the workers' login, as plain text."
  type        = string
}

variable "owner_login" {
  description = "Login that migrates."
  type        = string
}

variable "owner_password_secret_arn" {
  description = "Secret with the owner's password, as the key password of a JSON object."
  type        = string
}

variable "cpu" {
  description = "CPU units of a worker; 1024 are one core."
  type        = number
  default     = 512
}

variable "memory_mb" {
  description = "Memory of a worker in MB; the heap is 70 % of it."
  type        = number
  default     = 1024
}

variable "desired_count" {
  description = "Workers at first."
  type        = number
  default     = 2
}

variable "log_retention_days" {
  description = "Days that CloudWatch keeps the log."
  type        = number
  default     = 90
}
