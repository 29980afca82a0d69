"""What a question asks for: language, intent, temper and the things that it names."""
