variable "environment" {
  description = "Name of the environment, a dimension of every metric."
  type        = string
}

variable "name" {
  description = "Name of everything made here."
  type        = string
}

variable "region" {
  description = "AWS region."
  type        = string
}

variable "account_id" {
  description = "AWS account."
  type        = string
}

variable "kms_key_arn" {
  description = "Key of the topic."
  type        = string
}

variable "dashboard" {
  description = "Whether there is a dashboard."
  type        = bool
}

variable "alarm_emails" {
  description = "Who gets alarms by mail; each confirms once."
  type        = list(string)
}

variable "alarm_endpoints" {
  description = "https addresses of a chat that take alarms."
  type        = list(string)
}

variable "balancer_suffix" {
  description = "The balancer, as its metrics name it."
  type        = string
}

variable "target_group_suffixes" {
  description = "The target groups blue and green, as their metrics name them."
  type        = map(string)
}

variable "database_dimension" {
  description = "The database, as its metrics name it."
  type        = map(string)
}

variable "intake" {
  description = "Whether there is a queue of requests from other systems."
  type        = bool
}

variable "dead_letter_queue_name" {
  description = "Queue of what could not be used; null is none."
  type        = string
}

variable "model_usd_an_hour" {
  description = "Dollars of model calls in an hour that are too many."
  type        = number
}

variable "budget_usd" {
  description = "Dollars a month for everything of this environment."
  type        = number
}

variable "web_log_group" {
  description = "Log group of the web tasks."
  type        = string
}

variable "worker_log_group" {
  description = "Log group of the workers."
  type        = string
}

variable "metrics" {
  description = "Namespace and names of the agent's metrics."
  type        = object({ namespace = string, names = map(string) })
}
