variable "cluster_arn" {
  description = "ECS cluster, with Container Insights, which counts the running tasks."
  type        = string
}

variable "service_name" {
  description = "Service to scale."
  type        = string
}

variable "queue_name" {
  description = "Queue whose backlog counts."
  type        = string
}

variable "messages_per_task" {
  description = "Visible messages per running task to aim at; a batch has up to 1,000."
  type        = number
  default     = 2000
}

variable "min_tasks" {
  description = "Fewest workers."
  type        = number
  default     = 1
}

variable "max_tasks" {
  description = "Most workers. Each has consumers + 1 database connections, 3 by default."
  type        = number
  default     = 10
}
