TEXT ·start0(SB), 0, $0
	CALL ·fromAssembly(SB)
	RET
	MOVQ $·addressed(SB), AX
