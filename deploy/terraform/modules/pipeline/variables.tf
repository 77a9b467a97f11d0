variable "name" {
  description = "Name of everything made here."
  type        = string
}

variable "environment" {
  description = "Environment of GitHub whose jobs may take the role."
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

variable "repository" {
  description = "Repository on GitHub: owner/name."
  type        = string
}

variable "create_oidc_provider" {
  description = "Whether the account does not know GitHub's tokens yet."
  type        = bool
}

variable "cluster_name" {
  description = "The cluster."
  type        = string
}

variable "pass_role_arns" {
  description = "Roles of the tasks the pipeline starts."
  type        = list(string)
}

variable "kms_key_arn" {
  description = "Key of the images."
  type        = string
}
