# Every target is one command of ./dev, which also says what each does.
TARGETS = setup run test lint format types replay bench faults-short faults faults-mutants wheel lock

.PHONY: $(TARGETS)
$(TARGETS):
	@./dev $@
