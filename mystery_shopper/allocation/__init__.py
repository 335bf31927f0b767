"""Who works on which case: queues, skills, load, the next case, handing over and being out of office."""
