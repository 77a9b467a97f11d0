output "host" {
  value = local.aurora ? one(aws_rds_cluster.this[*].endpoint) : one(aws_db_instance.this[*].address)
}

output "password_secret_arn" {
  value = local.secret[0].secret_arn
}

output "identifier" {
  value = var.name
}
