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
  description = "Key of the messages."
  type        = string
}

variable "sender_role_arns" {
  description = "Roles of other systems that may send."
  type        = list(string)
}
