"""The ways out to readers: where else the paper can be met. Whatever it says about an article comes as a Subject."""
