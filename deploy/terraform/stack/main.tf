# One environment: the modules and how they are put together.

data "aws_caller_identity" "me" {}

locals {
  name       = "isra-${var.environment}"
  account_id = data.aws_caller_identity.me.account_id
  catalogue  = yamldecode(file("${path.module}/../../../agent/metrics.yaml"))
  metrics = {
    namespace = local.catalogue.namespace
    names     = { for metric in local.catalogue.metrics : metric.name => metric.name }
  }
  rollback_alarms = ["${local.name}-5xx", "${local.name}-unhealthy"]
}

module "storage" {
  source                 = "../modules/storage"
  name                   = local.name
  region                 = var.site.region
  account_id             = local.account_id
  keep_old_versions_days = var.keep_old_versions_days
}

module "network" {
  source      = "../modules/network"
  name        = local.name
  region      = var.site.region
  account_id  = local.account_id
  cidr        = var.cidr
  zones       = var.zones
  nat         = var.nat
  kms_key_arn = module.storage.kms_key_arn
}

resource "aws_security_group" "tasks" {
  name        = "${local.name}-tasks"
  description = "From the balancer only; out to reports, models and AWS over HTTPS"
  vpc_id      = module.network.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "tasks" {
  security_group_id            = aws_security_group.tasks.id
  description                  = "The balancer"
  referenced_security_group_id = module.balancer.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 8000
  to_port                      = 8000
}

resource "aws_vpc_security_group_egress_rule" "web" {
  for_each          = { http = 80, https = 443 }
  security_group_id = aws_security_group.tasks.id
  description       = "Companies' sites, models and AWS (${each.key})"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
}

resource "aws_vpc_security_group_egress_rule" "database" {
  security_group_id = aws_security_group.tasks.id
  description       = "PostgreSQL"
  cidr_ipv4         = var.cidr
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
}

module "registry" {
  source      = "../modules/registry"
  name        = local.name
  kms_key_arn = module.storage.kms_key_arn
}

module "database" {
  source                   = "../modules/database"
  name                     = local.name
  engine                   = var.database_engine
  instance_class           = var.database_instance_class
  aurora_min_capacity      = var.aurora_min_capacity
  aurora_max_capacity      = var.aurora_max_capacity
  multi_az                 = var.database_multi_az
  backup_days              = var.backup_days
  deletion_protection      = var.deletion_protection
  vpc_id                   = module.network.vpc_id
  subnet_ids               = module.network.private_subnet_ids
  client_security_group_id = aws_security_group.tasks.id
  kms_key_arn              = module.storage.kms_key_arn
}

module "balancer" {
  source                    = "../modules/balancer"
  name                      = local.name
  vpc_id                    = module.network.vpc_id
  subnet_ids                = module.network.public_subnet_ids
  task_security_group_id    = aws_security_group.tasks.id
  domain_name               = var.site.domain_name
  zone_id                   = var.site.zone_id
  waf                       = var.waf
  requests_per_five_minutes = var.requests_per_five_minutes
  cognito                   = var.cognito
  cognito_domain_prefix     = "${local.name}-${local.account_id}"
  deletion_protection       = var.deletion_protection
  kms_key_arn               = module.storage.kms_key_arn
}

module "intake" {
  source           = "../modules/intake"
  count            = var.intake ? 1 : 0
  name             = local.name
  region           = var.site.region
  account_id       = local.account_id
  kms_key_arn      = module.storage.kms_key_arn
  sender_role_arns = var.intake_sender_role_arns
}

module "service" {
  source               = "../modules/service"
  environment          = var.environment
  name                 = local.name
  region               = var.site.region
  account_id           = local.account_id
  vpc_id               = module.network.vpc_id
  subnet_ids           = module.network.task_subnet_ids
  public_ip            = module.network.tasks_need_public_ip
  security_group_id    = aws_security_group.tasks.id
  domain_name          = var.site.domain_name
  balancer_arn         = module.balancer.arn
  web_rule_arn         = module.balancer.web_rule_arn
  target_groups        = module.balancer.target_groups
  cognito              = var.cognito
  database_host        = module.database.host
  password_secret_arn  = module.database.password_secret_arn
  keys_secret_arn      = module.storage.keys_secret_arn
  secret_keys          = var.secret_keys
  bucket_name          = module.storage.bucket_name
  bucket_arn           = module.storage.bucket_arn
  kms_key_arn          = module.storage.kms_key_arn
  repository_url       = module.registry.url
  image_tag            = var.image_tag
  model                = var.model
  bedrock_models       = var.bedrock_models
  extra_environment    = var.extra_environment
  web_cpu              = var.web_cpu
  web_memory           = var.web_memory
  web_min              = var.web_min
  web_max              = var.web_max
  office_hours         = var.office_hours
  worker_cpu           = var.worker_cpu
  worker_memory        = var.worker_memory
  worker_min           = var.worker_min
  worker_max           = var.worker_max
  worker_concurrency   = var.worker_concurrency
  worker_spot          = var.worker_spot
  bake_minutes         = var.bake_minutes
  rollback_alarm_names = local.rollback_alarms
  container_insights   = var.container_insights
  log_days             = var.log_days
  intake_queue_url     = one(module.intake[*].url)
  intake_queue_name    = one(module.intake[*].name)
  intake_queue_arn     = one(module.intake[*].arn)
  metrics              = local.metrics
  # An alarm named by a deployment must be there before it.
  depends_on = [module.monitoring]
}

module "machine_api" {
  source                     = "../modules/machine_api"
  count                      = var.machine_api ? 1 : 0
  name                       = local.name
  region                     = var.site.region
  account_id                 = local.account_id
  vpc_id                     = module.network.vpc_id
  subnet_ids                 = module.network.task_subnet_ids
  public_ip                  = module.network.tasks_need_public_ip
  domain_name                = var.site.domain_name
  listener_arn               = module.balancer.https_listener_arn
  balancer_security_group_id = module.balancer.security_group_id
  task_security_group_id     = aws_security_group.tasks.id
  cluster_name               = module.service.cluster_name
  task_definition_arn        = module.service.web_task_definition_arn
  kms_key_arn                = module.storage.kms_key_arn
  log_days                   = var.log_days
}

module "monitoring" {
  source                 = "../modules/monitoring"
  environment            = var.environment
  name                   = local.name
  region                 = var.site.region
  account_id             = local.account_id
  kms_key_arn            = module.storage.kms_key_arn
  dashboard              = var.dashboard
  alarm_emails           = var.site.alarm_emails
  alarm_endpoints        = var.alarm_endpoints
  balancer_suffix        = module.balancer.arn_suffix
  target_group_suffixes  = { for colour, group in module.balancer.target_groups : colour => group.suffix }
  database_dimension     = var.database_engine == "aurora" ? { DBClusterIdentifier = local.name } : { DBInstanceIdentifier = local.name }
  intake                 = var.intake
  dead_letter_queue_name = one(module.intake[*].dead_name)
  model_usd_an_hour      = var.model_usd_an_hour
  budget_usd             = var.budget_usd
  web_log_group          = "/isra/${local.name}/web"
  worker_log_group       = "/isra/${local.name}/worker"
  metrics                = local.metrics
}

module "pipeline" {
  source               = "../modules/pipeline"
  name                 = local.name
  environment          = var.environment
  region               = var.site.region
  account_id           = local.account_id
  repository           = var.site.repository
  create_oidc_provider = var.site.create_oidc_provider
  cluster_name         = local.name
  pass_role_arns       = module.service.role_arns
  kms_key_arn          = module.storage.kms_key_arn
}
