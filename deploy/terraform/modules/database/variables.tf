variable "name" {
  description = "Name of everything made here."
  type        = string
}

variable "engine" {
  description = "rds: one PostgreSQL instance; aurora: Aurora Serverless v2."
  type        = string
  validation {
    condition     = contains(["rds", "aurora"], var.engine)
    error_message = "engine is rds or aurora."
  }
}

variable "instance_class" {
  description = "Size of the RDS instance."
  type        = string
}

variable "aurora_min_capacity" {
  description = "Least Aurora capacity units; 0 pauses after an hour without a connection."
  type        = number
}

variable "aurora_max_capacity" {
  description = "Most Aurora capacity units."
  type        = number
}

variable "multi_az" {
  description = "Whether a second zone stands by."
  type        = bool
}

variable "backup_days" {
  description = "Days one can go back to, to the second."
  type        = number
}

variable "deletion_protection" {
  description = "Whether the database refuses to be deleted."
  type        = bool
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets in two zones or more."
  type        = list(string)
}

variable "client_security_group_id" {
  description = "Group of the tasks."
  type        = string
}

variable "kms_key_arn" {
  description = "Key of storage, backups and password."
  type        = string
}
