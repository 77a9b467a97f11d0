output "cluster_name" {
  value = aws_ecs_cluster.this.name
}

output "cluster_arn" {
  value = "arn:aws:ecs:${var.region}:${var.account_id}:cluster/${var.name}"
}

output "role_arns" {
  description = "What the pipeline hands to the tasks it starts."
  value = concat(
    ["arn:aws:iam::${var.account_id}:role/${var.name}-execution"],
    [for task in sort(keys(local.commands)) : "arn:aws:iam::${var.account_id}:role/${var.name}-${task}"],
  )
}

output "log_group_names" {
  value = { for task, group in aws_cloudwatch_log_group.this : task => group.name }
}

output "execution_role_arn" {
  value = aws_iam_role.execution.arn
}

output "web_task_role_arn" {
  value = aws_iam_role.task["web"].arn
}

output "web_task_definition_arn" {
  value = aws_ecs_task_definition.this["web"].arn
}
