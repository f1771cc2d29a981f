# Everything a person does with this repository. CI runs `make test` and no more.
# 人会用到的全部命令;CI 只运行 make test。

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

PYTHON := .venv/bin/python
DESK := .venv/bin/desk
# In two processes, of which each takes whole files.
IN_TWO := -n 2 --dist loadfile
# What needs neither the whole desk nor a browser.
FAST := -m 'not stack and not browser' $(IN_TWO)
WIDGET_SOURCES := $(shell find bot/widget -name node_modules -prune -o -type f -print 2>/dev/null)
WIDGET := build/widget/.built

export RASA_TELEMETRY_ENABLED := false

.PHONY: help run test check bench simulate coverage nlu-lint nlu-report train build lock clean clean-data env env-test

help: ## 显示本说明 · this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | \
	    while IFS="$$(printf '\t')" read -r name text; do printf '  make %-12s %s\n' "$$name" "$$text"; done

run: env build train ## 启动客服台(按 Ctrl-C 停止)· start the desk (Ctrl-C stops it)
	@exec $(DESK) up

test: env-test build train ## 运行全部测试 · run every test
	@status=0; \
	printf '\n== tests · .venv ==\n'; \
	$(PYTHON) -m pytest tests --ignore=tests/bot/engine $(FAST) $(PYTEST) || status=1; \
	printf '\n== tests · .venv, the whole desk running ==\n'; \
	$(PYTHON) -m pytest tests/conversations $(IN_TWO) $(PYTEST) || status=1; \
	$(PYTHON) -m pytest tests --ignore=tests/bot/engine --ignore=tests/conversations -m 'stack or browser' \
	    $(PYTEST) || status=1; \
	printf '\n== tests · .venv-rasa ==\n'; \
	.venv-rasa/bin/python -m pytest tests/bot/engine $(PYTEST) || status=1; \
	exit $$status

check: env-test ## 格式、规范、类型、快速测试 · format, lint, types, fast tests
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m mypy
	@$(PYTHON) -m pytest tests --ignore=tests/bot/engine $(FAST) -q

bench: env-test ## 性能测试，几分钟 · measures of speed and size; takes minutes
	@$(PYTHON) -m pytest tests/benchmarks -m benchmark -s $(PYTEST)

RUNS ?= 4
TASKS ?=
SEED ?= 1
simulate: env-test train ## 模拟顾客对话（RUNS= TASKS= SEED=）· conversations with simulated customers
	@$(PYTHON) -m tests.simulation --runs $(RUNS) --tasks "$(TASKS)" --seed $(SEED)

coverage: env-test ## 政策与领域代码的分支覆盖率 · branch coverage of policy and domain
	@$(PYTHON) -m coverage run --branch --source actions/policy,actions/domain \
	    --data-file build/coverage -m pytest tests/actions/policy tests/actions/domain -q
	@$(PYTHON) -m coverage report --data-file build/coverage --show-missing --skip-covered

nlu-lint: env ## 检查训练样本：重复、矛盾、过少 · look over the examples: doubles, contradictions, too few
	@.venv-rasa/bin/python -m bot.engine.examples

nlu-report: train ## 测量消息理解，写入 docs/nlu.md（REPORT=--without-stock 不测原版）· measure the understanding
	@model=$$($(PYTHON) -c 'from pathlib import Path; from bot.cli.model import model_of; print(model_of(Path.cwd()))') && \
	    .venv-rasa/bin/python -m bot.engine.report --model "$$model" $(REPORT)

train: env ## 训练模型(数据没变就不重训)· train the model, if the data has changed
	@$(DESK) train

build: $(WIDGET) ## 构建前端 · build the front end

bot/widget/node_modules/.installed: bot/widget/package.json bot/widget/package-lock.json
	@echo '安装前端依赖 · installing the front-end packages'
	@node=$$(.ci/environment node) && cd bot/widget && PATH="$$node:$$PATH" npm ci --silent --no-fund --no-audit
	@touch $@

$(WIDGET): bot/widget/node_modules/.installed $(WIDGET_SOURCES)
	@echo '构建前端 · building the front end'
	@node=$$(.ci/environment node) && cd bot/widget && PATH="$$node:$$PATH" npm run --silent build
	@mkdir -p $(@D) && touch $@

lock: ## 重新生成依赖锁文件(UPGRADE=--upgrade 升级)· rebuild the lock files (UPGRADE=--upgrade to move on)
	@.ci/environment lock $(UPGRADE)

clean: ## 删除 make 产生的一切(不动数据)· remove what make made; the data stays
	@rm -rf .venv .venv-rasa .tools build .rasa bot/widget/node_modules results refund_desk.egg-info
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find models -type f ! -name .gitkeep -delete 2>/dev/null || true
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

clean-data: ## 删除本机数据(会先询问)· delete this desk's data (asks first)
	@home="$${DESK_HOME:-var}"; \
	[ -d "$$home" ] || { echo "没有数据 · nothing there: $$home"; exit 0; }; \
	printf '将删除 %s 中的数据库、日志、密钥。输入 yes 确认 · this deletes the database, logs and secrets in %s. Type yes: ' "$$home" "$$home"; \
	read -r answer; \
	if [ "$$answer" = yes ]; then rm -rf "$$home"; echo '已删除 · deleted'; else echo '未删除 · nothing was deleted'; fi

env: ## 准备两个 Python 环境 · make both Python environments
	@.ci/environment desk
	@.ci/environment rasa

env-test:
	@.ci/environment desk-test
	@.ci/environment rasa-test
