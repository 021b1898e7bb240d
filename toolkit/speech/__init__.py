"""Own whose word it is: quotations, people, speakers and voices."""
