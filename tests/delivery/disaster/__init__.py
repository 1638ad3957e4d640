"""What happens to a machine: its database dies, its disk fills up, its clock is wrong, it is stopped and upgraded."""
