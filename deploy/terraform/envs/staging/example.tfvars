# Copy to terraform.tfvars and fill in.
site = {
  region       = "eu-central-1"
  domain_name  = "research-staging.example.org"
  zone_id      = "Z0123456789EXAMPLE"
  repository   = "example/industry-sustainability-agent"
  alarm_emails = ["owner@example.org"]
}
