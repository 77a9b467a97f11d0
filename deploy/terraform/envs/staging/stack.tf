# Small and asleep outside office hours: shows a change before people meet it.
module "stack" {
  source      = "../../stack"
  environment = "staging"
  site        = var.site

  cidr                = "10.20.0.0/20"
  nat                 = "none"
  waf                 = false
  deletion_protection = false
  web_cpu             = 512
  web_memory          = 1024
  web_max             = 2
  worker_min          = 0
  worker_max          = 1
  office_hours        = { wake = "0 7 ? * MON-FRI *", sleep = "0 19 ? * MON-FRI *", timezone = "Europe/Berlin" }
  bake_minutes        = 0
  backup_days         = 3
  budget_usd          = 80
}
