output "vpc_id" {
  value = aws_vpc.this.id
}

output "public_subnet_ids" {
  value = aws_subnet.public[*].id
}

output "private_subnet_ids" {
  value = aws_subnet.private[*].id
}

output "task_subnet_ids" {
  description = "Where tasks run: private, unless there is no way out of there."
  value       = var.nat == "none" ? aws_subnet.public[*].id : aws_subnet.private[*].id
}

output "tasks_need_public_ip" {
  value = var.nat == "none"
}
