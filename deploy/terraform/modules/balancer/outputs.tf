output "arn" {
  value = aws_lb.this.arn
}

output "arn_suffix" {
  value = aws_lb.this.arn_suffix
}

output "security_group_id" {
  value = aws_security_group.this.id
}

output "https_listener_arn" {
  value = aws_lb_listener.https.arn
}

output "web_rule_arn" {
  value = aws_lb_listener_rule.web.arn
}

output "target_groups" {
  value = { for colour, group in aws_lb_target_group.web : colour => { arn = group.arn, suffix = group.arn_suffix } }
}
