from deliveries.models.answer_links import AnswerLink

__all__ = ["AnswerLink"]
