package sample

// spoken is a written name and how it is spelt in Latin letters.
type spoken struct{ written, spelt string }

// surnames of China, the more frequent ones more than once, so that a draw is like life.
var surnames = []spoken{
	{"王", "wang"}, {"王", "wang"}, {"王", "wang"}, {"王", "wang"}, {"李", "li"}, {"李", "li"}, {"李", "li"}, {"李", "li"},
	{"张", "zhang"}, {"张", "zhang"}, {"张", "zhang"}, {"张", "zhang"}, {"刘", "liu"}, {"刘", "liu"}, {"刘", "liu"},
	{"陈", "chen"}, {"陈", "chen"}, {"陈", "chen"}, {"杨", "yang"}, {"杨", "yang"}, {"黄", "huang"}, {"黄", "huang"},
	{"赵", "zhao"}, {"赵", "zhao"}, {"吴", "wu"}, {"吴", "wu"}, {"周", "zhou"}, {"周", "zhou"}, {"徐", "xu"}, {"孙", "sun"},
	{"马", "ma"}, {"朱", "zhu"}, {"胡", "hu"}, {"郭", "guo"}, {"何", "he"}, {"林", "lin"}, {"高", "gao"}, {"罗", "luo"},
	{"郑", "zheng"}, {"梁", "liang"}, {"谢", "xie"}, {"宋", "song"}, {"唐", "tang"}, {"许", "xu"}, {"邓", "deng"},
	{"冯", "feng"}, {"韩", "han"}, {"曹", "cao"}, {"曾", "zeng"}, {"彭", "peng"}, {"萧", "xiao"}, {"蔡", "cai"},
	{"潘", "pan"}, {"田", "tian"}, {"董", "dong"}, {"袁", "yuan"}, {"于", "yu"}, {"余", "yu"}, {"叶", "ye"}, {"蒋", "jiang"},
	{"杜", "du"}, {"苏", "su"}, {"魏", "wei"}, {"程", "cheng"}, {"吕", "lv"}, {"丁", "ding"}, {"沈", "shen"}, {"任", "ren"},
	{"姚", "yao"}, {"卢", "lu"}, {"傅", "fu"}, {"钟", "zhong"}, {"姜", "jiang"}, {"崔", "cui"}, {"谭", "tan"}, {"廖", "liao"},
	{"范", "fan"}, {"汪", "wang"}, {"陆", "lu"}, {"金", "jin"}, {"石", "shi"}, {"戴", "dai"}, {"贾", "jia"}, {"夏", "xia"},
	{"方", "fang"}, {"邹", "zou"}, {"熊", "xiong"}, {"孟", "meng"}, {"秦", "qin"}, {"白", "bai"}, {"江", "jiang"}, {"欧阳", "ouyang"},
}

// givenNames are given names of one or two characters, by gender (1 male, 2 female).
var givenNames = map[int][]spoken{
	1: {
		{"伟", "wei"}, {"强", "qiang"}, {"磊", "lei"}, {"军", "jun"}, {"勇", "yong"}, {"涛", "tao"}, {"超", "chao"}, {"斌", "bin"},
		{"鹏", "peng"}, {"辉", "hui"}, {"浩", "hao"}, {"俊杰", "junjie"}, {"子轩", "zixuan"}, {"宇航", "yuhang"}, {"志强", "zhiqiang"},
		{"建国", "jianguo"}, {"建华", "jianhua"}, {"文博", "wenbo"}, {"浩然", "haoran"}, {"嘉诚", "jiacheng"}, {"明远", "mingyuan"},
		{"天宇", "tianyu"}, {"晓峰", "xiaofeng"}, {"海涛", "haitao"}, {"国栋", "guodong"}, {"永康", "yongkang"}, {"家豪", "jiahao"},
		{"一鸣", "yiming"}, {"泽宇", "zeyu"}, {"思远", "siyuan"}, {"承志", "chengzhi"}, {"立新", "lixin"}, {"少华", "shaohua"},
		{"振宇", "zhenyu"}, {"凯", "kai"}, {"博文", "bowen"}, {"瑞", "rui"}, {"晨", "chen"}, {"东升", "dongsheng"}, {"柏", "bai"},
	},
	2: {
		{"芳", "fang"}, {"娜", "na"}, {"敏", "min"}, {"静", "jing"}, {"丽", "li"}, {"艳", "yan"}, {"婷", "ting"}, {"雪", "xue"},
		{"倩", "qian"}, {"玲", "ling"}, {"欣怡", "xinyi"}, {"雨桐", "yutong"}, {"诗涵", "shihan"}, {"梦琪", "mengqi"}, {"佳慧", "jiahui"},
		{"晓燕", "xiaoyan"}, {"春梅", "chunmei"}, {"秀英", "xiuying"}, {"思颖", "siying"}, {"若曦", "ruoxi"}, {"紫薇", "ziwei"},
		{"雅文", "yawen"}, {"婉清", "wanqing"}, {"可欣", "kexin"}, {"悦", "yue"}, {"琳", "lin"}, {"洁", "jie"}, {"慧敏", "huimin"},
		{"海霞", "haixia"}, {"文静", "wenjing"}, {"一诺", "yinuo"}, {"子涵", "zihan"}, {"美华", "meihua"}, {"彤", "tong"},
		{"安琪", "anqi"}, {"宁", "ning"}, {"颖", "ying"}, {"素芬", "sufen"}, {"锦绣", "jinxiu"}, {"莹", "ying"},
	},
}
