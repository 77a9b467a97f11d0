# The tasks: one cluster, the web service (blue/green), workers, and the migration.

locals {
  # No module of the database knows the tasks' group before the tasks are there, so that PGPASSWORD
  # comes from the secret and the address holds none.
  database_url = "postgresql://isra@${var.database_host}:5432/isra?sslmode=require"

  environment = merge({
    ISRA_DATA_DIR           = "/data"
    ISRA_ENVIRONMENT        = var.environment
    ISRA_METRICS            = "emf"
    ISRA_DATABASE_URL       = local.database_url
    ISRA_BLOB_STORE         = "s3://${var.bucket_name}"
    ISRA_S3_REGION          = var.region
    ISRA_S3_KMS_KEY         = var.kms_key_arn
    ISRA_PUBLIC_URL         = "https://${var.domain_name}"
    ISRA_LOG_FORMAT         = "json"
    ISRA_MODEL              = var.model
    ISRA_BEDROCK_REGION     = var.region
    ISRA_WORKER_CONCURRENCY = tostring(var.worker_concurrency)
    ISRA_DRAIN_SECONDS      = "90"
    },
    var.cognito ? { ISRA_AUTH = "alb", ISRA_ALB_REGION = var.region, ISRA_ALB_SIGNER = var.balancer_arn } : { ISRA_AUTH = "oauth" },
    var.intake_queue_url == null ? {} : { ISRA_INTAKE_QUEUE = var.intake_queue_url },
    var.extra_environment,
  )

  secrets = concat(
    [{ name = "PGPASSWORD", valueFrom = "${var.password_secret_arn}:password::" }],
    [for key in var.secret_keys : { name = key, valueFrom = "${var.keys_secret_arn}:${key}::" }],
  )

  sizes = {
    web     = { cpu = var.web_cpu, memory = var.web_memory }
    worker  = { cpu = var.worker_cpu, memory = var.worker_memory }
    migrate = { cpu = 256, memory = 512 }
  }
  commands = { web = ["serve"], worker = ["worker"], migrate = ["db", "upgrade"] }
  # Only the web task serves something that could be asked. ECS takes no notice of the image's own.
  health = {
    web = {
      command     = ["CMD", "python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['ISRA_PORT'] + '/healthz', timeout=4)"]
      interval    = 30
      timeout     = 5
      retries     = 3
      startPeriod = 60
    }
  }
  # Fargate waits 120 seconds at most; the agent's own deadline is shorter.
  stop_seconds = { web = 120, worker = 120, migrate = 30 }
}

resource "aws_ecs_cluster" "this" {
  name = var.name
  setting {
    name  = "containerInsights"
    value = var.container_insights ? "enabled" : "disabled"
  }
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}

resource "aws_cloudwatch_log_group" "this" {
  for_each          = local.commands
  name              = "/isra/${var.name}/${each.key}"
  retention_in_days = var.log_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_ecs_task_definition" "this" {
  for_each                 = local.commands
  family                   = "${var.name}-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = local.sizes[each.key].cpu
  memory                   = local.sizes[each.key].memory
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task[each.key].arn
  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }
  volume {
    name = "data"
  }
  container_definitions = jsonencode([merge({
    name                   = each.key
    image                  = "${var.repository_url}:${var.image_tag}"
    command                = each.value
    essential              = true
    user                   = "10001:10001"
    readonlyRootFilesystem = true
    stopTimeout            = local.stop_seconds[each.key]
    linuxParameters        = { initProcessEnabled = true, capabilities = { drop = ["ALL"] } }
    mountPoints            = [{ sourceVolume = "data", containerPath = "/data", readOnly = false }]
    portMappings           = each.key == "web" ? [{ containerPort = 8000, protocol = "tcp" }] : []
    environment            = [for name in sort(keys(local.environment)) : { name = name, value = local.environment[name] }]
    secrets                = local.secrets
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = "/isra/${var.name}/${each.key}"
        awslogs-region        = var.region
        awslogs-stream-prefix = each.key
        mode                  = "non-blocking"
      }
    }
  }, { for name, check in local.health : "healthCheck" => check if name == each.key })])
}

resource "aws_ecs_service" "web" {
  name                              = "web"
  cluster                           = aws_ecs_cluster.this.id
  task_definition                   = aws_ecs_task_definition.this["web"].arn
  desired_count                     = var.web_min
  launch_type                       = "FARGATE"
  platform_version                  = "LATEST"
  propagate_tags                    = "SERVICE"
  health_check_grace_period_seconds = 60
  enable_execute_command            = false

  deployment_configuration {
    strategy             = "BLUE_GREEN"
    bake_time_in_minutes = var.bake_minutes
  }
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
  alarms {
    enable      = true
    rollback    = true
    alarm_names = var.rollback_alarm_names
  }
  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [var.security_group_id]
    assign_public_ip = var.public_ip
  }
  load_balancer {
    container_name   = "web"
    container_port   = 8000
    target_group_arn = var.target_groups["blue"].arn
    advanced_configuration {
      alternate_target_group_arn = var.target_groups["green"].arn
      production_listener_rule   = var.web_rule_arn
      role_arn                   = aws_iam_role.traffic.arn
    }
  }
  # The pipeline puts new revisions in, scaling changes the count, blue/green the groups.
  lifecycle {
    ignore_changes = [task_definition, desired_count, load_balancer]
  }
  depends_on = [aws_iam_role_policy_attachment.traffic]
}

resource "aws_ecs_service" "worker" {
  name                               = "worker"
  cluster                            = aws_ecs_cluster.this.id
  task_definition                    = aws_ecs_task_definition.this["worker"].arn
  desired_count                      = var.worker_min
  platform_version                   = "LATEST"
  propagate_tags                     = "SERVICE"
  enable_execute_command             = false
  deployment_minimum_healthy_percent = 0
  deployment_maximum_percent         = 200

  # A worker that is taken away hands its run to the next: spot costs a third.
  capacity_provider_strategy {
    capacity_provider = var.worker_spot ? "FARGATE_SPOT" : "FARGATE"
    weight            = 1
  }
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [var.security_group_id]
    assign_public_ip = var.public_ip
  }
  lifecycle {
    ignore_changes = [task_definition, desired_count]
  }
}
