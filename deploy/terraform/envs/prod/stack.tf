# Private subnets behind one NAT gateway, firewall, a model of Bedrock.
module "stack" {
  source      = "../../stack"
  environment = "prod"
  site        = var.site

  cidr                    = "10.30.0.0/20"
  nat                     = "single"
  waf                     = true
  database_engine         = "rds"
  database_instance_class = "db.t4g.micro"
  backup_days             = 14
  web_cpu                 = 512
  web_memory              = 1024
  worker_min              = 0
  worker_max              = 4
  budget_usd              = 200

  model = "bedrock:eu.anthropic.claude-haiku-4-5-20251001-v1:0"
  bedrock_models = [{
    id      = "anthropic.claude-haiku-4-5-20251001-v1:0"
    profile = "eu.anthropic.claude-haiku-4-5-20251001-v1:0"
    regions = ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"]
  }]
}
