# Every target brings the environment up to date first; that takes no time when nothing changed.
.DEFAULT_GOAL := help
.PHONY: help setup service ocr run shell train test check mutate audit eval bench
PYTHON := .venv/bin/python
# In how many processes the tests run; 0: in one, and in the order of the files.
WORKERS ?= 2
# A file's tests stay together, for what they start together; the slow folders come first, as they lie.
TESTS := $(PYTHON) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
CODE := $(wildcard bot actions tests bench scripts)
DUANKA_PORT ?= 5005
EVAL ?=
ROOM ?=
MOST ?= 40
SECONDS ?= 600
URL ?=

help: ## 列出所有命令
	@echo '断卡问答：make <命令>'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1	\2/p' $(MAKEFILE_LIST) | while IFS='	' read -r name says; do printf '  %-8s%s\n' "$$name" "$$says"; done

setup: ## 准备运行环境（其他命令会自动先做这一步）
	@sh scripts/setup.sh

service: # 只装服务要用的；开发的工具已经在就留着
	@sh scripts/setup.sh service

ocr: ## 装上识别图片和扫描件文字的部分（约 250 MB；以后一直有）
	@sh scripts/setup.sh ocr

run: service ## 检查通报、需要时训练、启动整套服务（Ctrl-C 结束；换端口：make run DUANKA_PORT=5006）
	@$(PYTHON) -m bot run

shell: service ## 在终端里与助手对话（/stop 结束）
	@$(PYTHON) -m bot shell

train: service ## 需要时训练模型
	@$(PYTHON) -m bot train

check: setup ## 检查代码：格式、写法、类型
	@$(PYTHON) -m ruff format --check --exclude '*.md' $(CODE)  # Markdown here is bulletins: never formatted
	@$(PYTHON) -m ruff check $(CODE)
	@$(PYTHON) -m mypy

test: check ## 全部检查和测试：先快的，训练之后再测整个助手
	@$(TESTS) --ignore tests/assistant
	@$(PYTHON) -m bot widget test
	@$(PYTHON) -m bot train
	@$(TESTS) tests/assistant -m 'not alone'
	@$(PYTHON) -m pytest tests/assistant -m alone

mutate: setup ## 改坏一处代码，看测试发不发现：make mutate ROOM=reading（一个文件：ROOM=reading/dates.py；最多几处：MOST=40）
	@$(PYTHON) scripts/mutate.py $(ROOM) $(MOST) $(SECONDS)

audit: setup ## 查所用软件包的已知漏洞（查不到时明说；评判见 docs/security-advisories.md）
	@$(PYTHON) scripts/audit.py

eval: setup ## 用金题和交叉验证评测，写出 reports/eval.html（换题目：EVAL=文件或文件夹；改问运行中的助手：URL=地址）
	@$(PYTHON) -m bot eval $(EVAL) $(if $(URL),--url $(URL))

bench: setup train ## 测量：检索（对照 rank-bm25、tantivy、bm25s）、上万份通报时的服务；约四十分钟，写入 reports/
	@sh scripts/bench.sh
