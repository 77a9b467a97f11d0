variable "environment" {
  description = "Name of the environment, also the dimension of every metric."
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

variable "security_group_id" {
  description = "Group of the tasks."
  type        = string
}

variable "domain_name" {
  description = "Name people open the chat at."
  type        = string
}

variable "balancer_arn" {
  description = "The balancer, whose signature the agent checks."
  type        = string
}

variable "web_rule_arn" {
  description = "The listener rule that blue/green moves."
  type        = string
}

variable "target_groups" {
  description = "The target groups blue and green."
  type        = map(object({ arn = string, suffix = string }))
}

variable "cognito" {
  description = "Whether the balancer signs people in; else the agent does, by OAuth."
  type        = bool
}

variable "database_host" {
  description = "Address of the database."
  type        = string
}

variable "password_secret_arn" {
  description = "Secret with the database's password."
  type        = string
}

variable "keys_secret_arn" {
  description = "Secret with keys, a JSON object."
  type        = string
}

variable "secret_keys" {
  description = "Fields of that object handed to the tasks; each must be there."
  type        = list(string)
}

variable "bucket_name" {
  description = "Bucket of reports and results."
  type        = string
}

variable "bucket_arn" {
  description = "Its ARN."
  type        = string
}

variable "kms_key_arn" {
  description = "The key of everything stored."
  type        = string
}

variable "repository_url" {
  description = "Where the image is."
  type        = string
}

variable "image_tag" {
  description = "Tag of the first image; later ones come by the pipeline."
  type        = string
}

variable "model" {
  description = "ISRA_MODEL."
  type        = string
}

variable "bedrock_models" {
  description = "The only models of Bedrock that may be called, with the regions they may run in."
  type        = list(object({ id = string, regions = list(string), profile = optional(string) }))
}

variable "extra_environment" {
  description = "Further settings of the agent."
  type        = map(string)
}

variable "web_cpu" {
  description = "CPU units of a web task; 1024 are one vCPU."
  type        = number
}

variable "web_memory" {
  description = "Memory of a web task in MB."
  type        = number
}

variable "web_min" {
  description = "Least web tasks."
  type        = number
}

variable "web_max" {
  description = "Most web tasks."
  type        = number
}

variable "office_hours" {
  description = "When web tasks run: fields of cron; null is always."
  type        = object({ wake = string, sleep = string, timezone = string })
}

variable "worker_cpu" {
  description = "CPU units of a worker."
  type        = number
}

variable "worker_memory" {
  description = "Memory of a worker in MB."
  type        = number
}

variable "worker_min" {
  description = "Least workers; with 0 none runs while nothing waits."
  type        = number
}

variable "worker_max" {
  description = "Most workers."
  type        = number
}

variable "worker_concurrency" {
  description = "Analyses one worker runs at once."
  type        = number
}

variable "worker_spot" {
  description = "Whether workers run on spare capacity."
  type        = bool
}

variable "bake_minutes" {
  description = "Minutes the old version stays ready after the switch."
  type        = number
}

variable "rollback_alarm_names" {
  description = "Alarms that roll a deployment back."
  type        = list(string)
}

variable "container_insights" {
  description = "Whether CloudWatch keeps metrics of each task, paid by the metric; nothing here needs them."
  type        = bool
}

variable "log_days" {
  description = "Days logs are kept."
  type        = number
}

variable "intake_queue_url" {
  description = "Queue of requests from other systems; null is none."
  type        = string
}

variable "intake_queue_name" {
  description = "Its name, as its metrics have it; null is none."
  type        = string
}

variable "intake_queue_arn" {
  description = "Its ARN; null is none."
  type        = string
}

variable "metrics" {
  description = "Namespace and names of the agent's metrics."
  type        = object({ namespace = string, names = map(string) })
}
