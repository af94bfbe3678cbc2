"""Random inspections 双随机、一公开: who is inspected and by whom, drawn so that anyone can draw it again and check."""
