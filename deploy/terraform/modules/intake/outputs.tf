output "url" {
  value = aws_sqs_queue.this.url
}

output "arn" {
  description = "Known before it is made, so that plans show what a role may touch."
  value       = "arn:aws:sqs:${var.region}:${var.account_id}:${var.name}-intake"
}

output "name" {
  value = aws_sqs_queue.this.name
}

output "dead_name" {
  value = aws_sqs_queue.dead.name
}
