terraform {
  required_version = ">= 1.10"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
  # The bucket is named when terraform is set up: deploy/README.md, "First deployment".
  backend "s3" {
    key          = "isra/prod.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = var.site.region
  default_tags {
    tags = { Project = "isra", Environment = "prod" }
  }
}

variable "site" {
  description = "What only you know; its fields are described in ../../stack/variables.tf."
  type        = any
}

output "stack" {
  description = "What the pipeline and the runbook ask for."
  value       = module.stack
}
