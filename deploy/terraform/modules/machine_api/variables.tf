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

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets of the tasks."
  type        = list(string)
}

variable "public_ip" {
  description = "Whether tasks need a public address to reach the internet."
  type        = bool
}

variable "domain_name" {
  description = "Name of the chat, which the balancer's certificate is for."
  type        = string
}

variable "listener_arn" {
  description = "The balancer's https listener."
  type        = string
}

variable "balancer_security_group_id" {
  description = "Group of the balancer."
  type        = string
}

variable "task_security_group_id" {
  description = "Group of the tasks."
  type        = string
}

variable "cluster_name" {
  description = "The cluster."
  type        = string
}

variable "task_definition_arn" {
  description = "Task definition of the web service."
  type        = string
}

variable "jwt_issuer" {
  description = "Who issues the tokens of the programs."
  type        = string
}

variable "jwt_audiences" {
  description = "Audiences the tokens must name."
  type        = list(string)
}

variable "kms_key_arn" {
  description = "Key of the access log."
  type        = string
}

variable "log_days" {
  description = "Days the access log is kept."
  type        = number
}
