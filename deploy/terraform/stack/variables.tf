variable "environment" {
  description = "Name of the environment: staging, prod."
  type        = string
}

variable "site" {
  description = <<-EOT
    What only its owner knows:
    region, AWS region; domain_name, the name people open the chat at; zone_id, the Route 53 zone of
    that name; repository, owner/name on GitHub whose pipeline deploys; alarm_emails, who gets alarms
    by mail; create_oidc_provider, false for a second environment in the same account.
  EOT
  type = object({
    region               = string
    domain_name          = string
    zone_id              = string
    repository           = string
    alarm_emails         = list(string)
    create_oidc_provider = optional(bool, true)
  })
  validation {
    condition     = can(regex("^[^/]+/[^/]+$", var.site.repository))
    error_message = "repository is owner/name."
  }
  validation {
    condition     = length(var.site.alarm_emails) > 0
    error_message = "Somebody must get the alarms."
  }
}

variable "image_tag" {
  description = "Tag of the first image; later ones come by the pipeline."
  type        = string
  default     = "first"
}

variable "cidr" {
  description = "Address range of the network."
  type        = string
  default     = "10.20.0.0/20"
}

variable "zones" {
  description = "Availability zones used."
  type        = number
  default     = 2
}

variable "nat" {
  description = "none: tasks in public subnets; single: one gateway; per_zone: one a zone."
  type        = string
  default     = "single"
}

variable "waf" {
  description = "Whether the firewall stands before the balancer."
  type        = bool
  default     = true
}

variable "requests_per_five_minutes" {
  description = "Requests of one address in five minutes."
  type        = number
  default     = 1500
}

variable "cognito" {
  description = "Whether the balancer signs people in (Cognito); else the agent does (OAuth)."
  type        = bool
  default     = true
}

variable "deletion_protection" {
  description = "Whether database, balancer and users refuse to be deleted."
  type        = bool
  default     = true
}

variable "database_engine" {
  description = "rds or aurora (Serverless v2)."
  type        = string
  default     = "rds"
}

variable "database_instance_class" {
  description = "Size of the RDS instance."
  type        = string
  default     = "db.t4g.micro"
}

variable "database_multi_az" {
  description = "Whether a second zone stands by."
  type        = bool
  default     = false
}

variable "aurora_min_capacity" {
  description = "Least Aurora capacity units; 0 sleeps when no task is connected."
  type        = number
  default     = 0
}

variable "aurora_max_capacity" {
  description = "Most Aurora capacity units."
  type        = number
  default     = 2
}

variable "backup_days" {
  description = "Days the database can be taken back to."
  type        = number
  default     = 14
}

variable "keep_old_versions_days" {
  description = "Days a deleted or overwritten report can be brought back."
  type        = number
  default     = 90
}

variable "model" {
  description = "ISRA_MODEL: extractive, bedrock:<id>, gemini:<name>, …"
  type        = string
  default     = "extractive"
}

variable "bedrock_models" {
  description = "The only models of Bedrock that may be called."
  type        = list(object({ id = string, regions = list(string), profile = optional(string) }))
  default     = []
}

variable "secret_keys" {
  description = "Fields of the secret NAME/keys handed to the tasks; each must be there."
  type        = list(string)
  default     = ["ISRA_SESSION_SECRET"]
}

variable "extra_environment" {
  description = "Further settings of the agent."
  type        = map(string)
  default     = {}
}

variable "web_cpu" {
  description = "CPU units of a web task; 1024 are one vCPU."
  type        = number
  default     = 512
}

variable "web_memory" {
  description = "Memory of a web task in MB."
  type        = number
  default     = 1024
}

variable "web_min" {
  description = "Least web tasks."
  type        = number
  default     = 1
}

variable "web_max" {
  description = "Most web tasks."
  type        = number
  default     = 4
}

variable "office_hours" {
  description = "When web tasks run: fields of cron; null is always."
  type        = object({ wake = string, sleep = string, timezone = string })
  default     = null
}

variable "worker_cpu" {
  description = "CPU units of a worker."
  type        = number
  default     = 1024
}

variable "worker_memory" {
  description = "Memory of a worker in MB."
  type        = number
  default     = 2048
}

variable "worker_min" {
  description = "Least workers; with 0 none runs while nothing waits."
  type        = number
  default     = 0
  validation {
    condition     = var.worker_min > 0 || lookup(var.extra_environment, "ISRA_REFRESH_CRON", "") == ""
    error_message = "ISRA_REFRESH_CRON is kept by a running worker: it needs worker_min of at least 1."
  }
}

variable "worker_max" {
  description = "Most workers."
  type        = number
  default     = 4
}

variable "worker_concurrency" {
  description = "Analyses one worker runs at once."
  type        = number
  default     = 4
}

variable "worker_spot" {
  description = "Whether workers run on spare capacity."
  type        = bool
  default     = true
}

variable "bake_minutes" {
  description = "Minutes the old version stays ready after a switch."
  type        = number
  default     = 10
}

variable "container_insights" {
  description = "Whether CloudWatch keeps metrics of each task, paid by the metric; nothing here needs them."
  type        = bool
  default     = false
}

variable "log_days" {
  description = "Days logs are kept."
  type        = number
  default     = 365
}

variable "dashboard" {
  description = "Whether there is a dashboard; the first three of an account are free."
  type        = bool
  default     = true
}

variable "alarm_endpoints" {
  description = "https addresses of a chat that take alarms."
  type        = list(string)
  default     = []
}

variable "model_usd_an_hour" {
  description = "Dollars of model calls in an hour that raise an alarm."
  type        = number
  default     = 5
}

variable "budget_usd" {
  description = "Dollars a month that raise an alarm."
  type        = number
  default     = 150
}

variable "intake" {
  description = "Whether other systems ask for analyses by a queue."
  type        = bool
  default     = false
}

variable "intake_sender_role_arns" {
  description = "Roles of other systems that may send to it."
  type        = list(string)
  default     = []
}

variable "machine_api" {
  description = "Whether programs also reach the machine API through API Gateway."
  type        = bool
  default     = false
}
