output "url" {
  value = "https://${var.site.domain_name}"
}

output "repository_url" {
  value = module.registry.url
}

output "deploy_role_arn" {
  description = "AWS_ROLE of the environment on GitHub."
  value       = module.pipeline.role_arn
}

output "cluster" {
  value = module.service.cluster_name
}

output "keys_secret_arn" {
  description = "To be filled in by hand before the first start."
  value       = module.storage.keys_secret_arn
}

output "task_network" {
  description = "TASK_NETWORK of the environment on GitHub: where the migration runs."
  value = jsonencode({
    awsvpcConfiguration = {
      subnets        = module.network.task_subnet_ids
      securityGroups = [aws_security_group.tasks.id]
      assignPublicIp = module.network.tasks_need_public_ip ? "ENABLED" : "DISABLED"
    }
  })
}

output "intake_queue_url" {
  value = one(module.intake[*].url)
}

output "machine_api_url" {
  value = one(module.machine_api[*].url)
}
