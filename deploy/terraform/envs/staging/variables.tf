variable "region" {
  description = "AWS region."
  type        = string
  default     = "eu-central-1"
}

variable "domain_name" {
  description = "Name people open the chat at."
  type        = string
}

variable "zone_id" {
  description = "Route 53 zone of that name."
  type        = string
}

variable "repository" {
  description = "Repository on GitHub whose pipeline deploys: owner/name."
  type        = string
}

variable "create_oidc_provider" {
  description = "Whether the account does not know GitHub's tokens yet; once for each account."
  type        = bool
  default     = true
}

variable "alarm_emails" {
  description = "Who gets alarms by mail."
  type        = list(string)
}
