"""What is answered: the estimate and its parts."""
