"""Tell us How: commissioners say what forces them to ask too much; policy owners answer."""
