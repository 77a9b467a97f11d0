variable "name" {
  description = "Name of everything made here."
  type        = string
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "subnet_ids" {
  description = "Public subnets."
  type        = list(string)
}

variable "task_security_group_id" {
  description = "Group of the tasks."
  type        = string
}

variable "domain_name" {
  description = "Name people open the chat at."
  type        = string
}

variable "zone_id" {
  description = "Route 53 zone of the name."
  type        = string
}

variable "waf" {
  description = "Whether the firewall stands before the balancer."
  type        = bool
}

variable "requests_per_five_minutes" {
  description = "Requests of one address in five minutes."
  type        = number
}

variable "cognito" {
  description = "Whether the balancer signs people in."
  type        = bool
}

variable "cognito_domain_prefix" {
  description = "First part of the sign-in page's address, unique in the region."
  type        = string
}

variable "deletion_protection" {
  description = "Whether balancer and user pool refuse to be deleted."
  type        = bool
}

variable "kms_key_arn" {
  description = "Key of the firewall's log."
  type        = string
}
