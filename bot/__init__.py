"""断卡问答 (Duanka): answers residents with the words of published police bulletins."""
