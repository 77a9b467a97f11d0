output "stack" {
  description = "What the pipeline and the runbook ask for."
  value       = module.stack
}
