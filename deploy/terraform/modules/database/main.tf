# PostgreSQL: one RDS instance, or Aurora Serverless v2 that sleeps at zero. RDS keeps the
# password in Secrets Manager; nobody types it and it is not in the state.

locals {
  aurora  = var.engine == "aurora"
  secret  = local.aurora ? one(aws_rds_cluster.this[*].master_user_secret) : one(aws_db_instance.this[*].master_user_secret)
  version = "17"
}

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnet_ids
}

resource "aws_security_group" "this" {
  name        = "${var.name}-database"
  description = "PostgreSQL, from the tasks only"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "tasks" {
  security_group_id            = aws_security_group.this.id
  description                  = "PostgreSQL from the tasks"
  referenced_security_group_id = var.client_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_db_parameter_group" "this" {
  count  = local.aurora ? 0 : 1
  name   = var.name
  family = "postgres${local.version}"
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
  parameter {
    name  = "log_min_duration_statement"
    value = "2000"
  }
}

resource "aws_db_instance" "this" {
  count                               = local.aurora ? 0 : 1
  identifier                          = var.name
  engine                              = "postgres"
  engine_version                      = local.version
  instance_class                      = var.instance_class
  allocated_storage                   = 20
  max_allocated_storage               = 100
  storage_type                        = "gp3"
  storage_encrypted                   = true
  kms_key_id                          = var.kms_key_arn
  db_name                             = "isra"
  username                            = "isra"
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = var.kms_key_arn
  iam_database_authentication_enabled = true
  multi_az                            = var.multi_az
  publicly_accessible                 = false
  db_subnet_group_name                = aws_db_subnet_group.this.name
  vpc_security_group_ids              = [aws_security_group.this.id]
  parameter_group_name                = one(aws_db_parameter_group.this[*].name)
  backup_retention_period             = var.backup_days
  copy_tags_to_snapshot               = true
  deletion_protection                 = var.deletion_protection
  skip_final_snapshot                 = false
  final_snapshot_identifier           = "${var.name}-final"
  auto_minor_version_upgrade          = true
  performance_insights_enabled        = true
  performance_insights_kms_key_id     = var.kms_key_arn
  enabled_cloudwatch_logs_exports     = ["postgresql", "upgrade"]
}

resource "aws_rds_cluster_parameter_group" "this" {
  count  = local.aurora ? 1 : 0
  name   = var.name
  family = "aurora-postgresql${local.version}"
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
  parameter {
    name  = "log_min_duration_statement"
    value = "2000"
  }
}

resource "aws_rds_cluster" "this" {
  count                               = local.aurora ? 1 : 0
  cluster_identifier                  = var.name
  engine                              = "aurora-postgresql"
  engine_mode                         = "provisioned"
  engine_version                      = local.version
  database_name                       = "isra"
  master_username                     = "isra"
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = var.kms_key_arn
  iam_database_authentication_enabled = true
  storage_encrypted                   = true
  kms_key_id                          = var.kms_key_arn
  db_subnet_group_name                = aws_db_subnet_group.this.name
  vpc_security_group_ids              = [aws_security_group.this.id]
  db_cluster_parameter_group_name     = one(aws_rds_cluster_parameter_group.this[*].name)
  backup_retention_period             = var.backup_days
  copy_tags_to_snapshot               = true
  deletion_protection                 = var.deletion_protection
  skip_final_snapshot                 = false
  final_snapshot_identifier           = "${var.name}-final"
  enabled_cloudwatch_logs_exports     = ["postgresql"]
  serverlessv2_scaling_configuration {
    min_capacity             = var.aurora_min_capacity
    max_capacity             = var.aurora_max_capacity
    seconds_until_auto_pause = var.aurora_min_capacity == 0 ? 3600 : null
  }
}

resource "aws_rds_cluster_instance" "this" {
  count                           = local.aurora ? (var.multi_az ? 2 : 1) : 0
  identifier                      = "${var.name}-${count.index + 1}"
  cluster_identifier              = one(aws_rds_cluster.this[*].id)
  engine                          = "aurora-postgresql"
  engine_version                  = local.version
  instance_class                  = "db.serverless"
  publicly_accessible             = false
  auto_minor_version_upgrade      = true
  performance_insights_enabled    = true
  performance_insights_kms_key_id = var.kms_key_arn
}

# By default RDS changes the password every seven days, and tasks read it only when they start:
# it is changed by deploy/scripts/rotate_database.py, which starts them anew.
resource "aws_secretsmanager_secret_rotation" "password" {
  secret_id          = local.secret[0].secret_arn
  rotate_immediately = false
  rotation_rules {
    automatically_after_days = 365
  }
}
