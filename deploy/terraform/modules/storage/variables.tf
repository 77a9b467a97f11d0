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

variable "keep_old_versions_days" {
  description = "Days an overwritten or deleted report can be brought back."
  type        = number
}
