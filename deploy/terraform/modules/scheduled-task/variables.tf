variable "name" {
  description = "Name of the schedule."
  type        = string
}

variable "schedule" {
  description = "When to run, as EventBridge Scheduler takes it: rate(1 hour), cron(17 2 * * ? *). Times are UTC."
  type        = string
}

variable "longest_run" {
  description = "Time after which a run ends although messages remain: 50m, 2h."
  type        = string
  default     = "50m"
}

variable "cluster_arn" {
  description = "ECS cluster."
  type        = string
}

variable "task_definition_arn" {
  description = "Task definition of the worker."
  type        = string
}

variable "role_arns" {
  description = "Roles of the worker's task."
  type        = list(string)
}

variable "subnet_ids" {
  description = "Private subnets of the task."
  type        = list(string)
}

variable "security_group_id" {
  description = "Security group of the task."
  type        = string
}
