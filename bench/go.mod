module github.com/dtafgen/wxt/bench

go 1.25.0

require (
	github.com/dtafgen/wxt v0.0.0
	github.com/valyala/fasttemplate v1.2.2
)

require (
	github.com/BurntSushi/toml v1.6.0 // indirect
	github.com/aymanbagabas/go-udiff v0.4.1 // indirect
	github.com/beevik/etree v1.8.1 // indirect
	github.com/pelletier/go-toml/v2 v2.4.3 // indirect
	github.com/valyala/bytebufferpool v1.0.0 // indirect
	golang.org/x/text v0.41.0 // indirect
)

replace github.com/dtafgen/wxt => ../
