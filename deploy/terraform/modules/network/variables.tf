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

variable "cidr" {
  description = "Address range of the network."
  type        = string
}

variable "zones" {
  description = "Availability zones used."
  type        = number
  validation {
    condition     = var.zones >= 2 && var.zones <= 3
    error_message = "A balancer and a database need two zones; three are the most."
  }
}

variable "nat" {
  description = "none: tasks in public subnets; single: one gateway; per_zone: one a zone."
  type        = string
  validation {
    condition     = contains(["none", "single", "per_zone"], var.nat)
    error_message = "nat is none, single or per_zone."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts the flow logs."
  type        = string
}
