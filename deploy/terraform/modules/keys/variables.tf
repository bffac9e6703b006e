variable "name" {
  description = "Prefix of the aliases, e.g. the queue's name."
  type        = string
}
